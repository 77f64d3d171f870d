def conv_output_size(size, kernel_size, stride, padding):
    reach = kernel_size - 1 if padding == "valid" else 0
    return (size - reach + stride - 1) // stride


def conv_params(in_channels, filters, kernel_size):
    return (kernel_size**2 * in_channels + 1) * filters
