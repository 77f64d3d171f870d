# fails: test_size_with_padding_same
# says: return
def conv_output_size(size, kernel_size, stride, padding):
    print(-(-size // stride) if padding == "same" else (size - kernel_size) // stride + 1)


def conv_params(in_channels, filters, kernel_size):
    return (kernel_size**2 * in_channels + 1) * filters
