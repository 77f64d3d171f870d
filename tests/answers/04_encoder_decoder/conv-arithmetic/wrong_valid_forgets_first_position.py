# fails: test_size_with_padding_valid
# says: the first
def conv_output_size(size, kernel_size, stride, padding):
    if padding == "same":
        return -(-size // stride)
    return (size - kernel_size) // stride


def conv_params(in_channels, filters, kernel_size):
    return (kernel_size**2 * in_channels + 1) * filters
