# fails: test_one_image_for_each_amount
# says: one image for each amount
def vary(decoder, code, direction, amounts):
    codes = np.vstack([code, code + np.outer(amounts, direction)])
    return decoder.predict(codes, verbose=0)
