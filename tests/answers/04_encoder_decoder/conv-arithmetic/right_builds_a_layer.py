def conv_output_size(size, kernel_size, stride, padding):
    return len(range(0, size if padding == "same" else size - kernel_size + 1, stride))


def conv_params(in_channels, filters, kernel_size):
    layer = layers.Conv2D(filters, kernel_size, kernel_initializer="zeros")
    layer.build((None, None, None, in_channels))
    return layer.count_params()
