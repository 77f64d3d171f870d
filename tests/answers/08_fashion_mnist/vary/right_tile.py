def vary(decoder, code, direction, amounts):
    codes = np.tile(code, (len(amounts), 1))
    codes += np.asarray(amounts, dtype=codes.dtype).reshape(-1, 1) * direction
    return ops.convert_to_numpy(decoder(codes))
