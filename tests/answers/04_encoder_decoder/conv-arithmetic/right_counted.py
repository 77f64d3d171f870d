def conv_output_size(size, kernel_size, stride, padding):
    if padding == "same":
        return len(range(0, size, stride))
    return len(range(0, size - kernel_size + 1, stride))


def conv_params(in_channels, filters, kernel_size):
    return sum(kernel_size**2 * in_channels + 1 for _ in range(filters))
