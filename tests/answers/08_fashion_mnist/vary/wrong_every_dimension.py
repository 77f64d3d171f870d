# fails: test_code_plus_amount_times_direction
# says: every dimension
def vary(decoder, code, direction, amounts):
    return decoder.predict(code + np.asarray(amounts)[:, None], verbose=0)
