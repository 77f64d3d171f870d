# fails: test_any_size
# says: conv_output_size
def conv_output_size(size, kernel_size, stride, padding):
    if padding == "same":
        return min(-(-size // stride), 28)
    return (size - kernel_size) // stride + 1


def conv_params(in_channels, filters, kernel_size):
    return (kernel_size**2 * in_channels + 1) * filters
