def conv_output_size(size, kernel_size, stride, padding):
    layer = layers.Conv2D(1, kernel_size, strides=stride, padding=padding)
    return layer.compute_output_shape((None, size, size, 1))[1]


def conv_params(in_channels, filters, kernel_size):
    return (kernel_size**2 * in_channels + 1) * filters
