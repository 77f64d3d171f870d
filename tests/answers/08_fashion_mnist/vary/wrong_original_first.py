# fails: test_one_picture_for_each_amount
# says: one picture for each amount
def vary(decoder, code, direction, amounts):
    codes = np.vstack([code, code + np.outer(amounts, direction)])
    return decoder.predict(codes, verbose=0)
