# fails: test_one_predict_call
# says: more than once
def vary(decoder, code, direction, amounts):
    return np.concatenate([decoder.predict((code + a * direction)[None], verbose=0) for a in amounts])
