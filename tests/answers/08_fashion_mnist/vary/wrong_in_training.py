# fails: test_one_predict_call
# says: training=True
# loses: 0.5
def vary(decoder, code, direction, amounts):
    return decoder(code + np.asarray(amounts)[:, None] * direction, training=True)
