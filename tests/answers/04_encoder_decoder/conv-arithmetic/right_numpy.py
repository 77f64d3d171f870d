def conv_output_size(size, kernel_size, stride, padding):
    if padding == "same":
        return int(np.ceil(size / stride))
    return int(np.floor((size - kernel_size) / stride)) + 1


def conv_params(in_channels, filters, kernel_size):
    return filters + filters * in_channels * kernel_size * kernel_size
