def vary(decoder, code, direction, amounts):
    codes = np.array([code + amount * direction for amount in amounts])
    return decoder.predict(codes, batch_size=len(codes), verbose=0)
