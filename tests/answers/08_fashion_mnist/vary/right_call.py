def vary(decoder, code, direction, amounts):
    amounts = ops.reshape(ops.cast(amounts, "float32"), (-1, 1))
    return decoder(ops.expand_dims(code, 0) + amounts * direction)
