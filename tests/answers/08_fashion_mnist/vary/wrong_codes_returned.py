# fails: test_one_predict_call
# says: wasn't called
def vary(decoder, code, direction, amounts):
    return code + np.asarray(amounts)[:, None] * direction
