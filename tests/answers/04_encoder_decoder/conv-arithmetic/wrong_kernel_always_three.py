# fails: test_number_of_parameters
# says: kernel_size²
def conv_output_size(size, kernel_size, stride, padding):
    if padding == "same":
        return -(-size // stride)
    return (size - kernel_size) // stride + 1


def conv_params(in_channels, filters, kernel_size):
    return (9 * in_channels + 1) * filters
