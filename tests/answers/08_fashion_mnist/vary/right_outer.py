def vary(decoder, code, direction, amounts):
    codes = np.asarray(code) + np.outer(amounts, direction)
    return decoder.predict(codes, verbose=0)
