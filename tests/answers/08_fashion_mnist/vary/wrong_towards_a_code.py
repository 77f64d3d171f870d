# fails: test_code_plus_amount_times_direction
# says: as if it were a code
def vary(decoder, code, direction, amounts):
    t = np.asarray(amounts)[:, None]
    return decoder.predict((1 - t) * code + t * direction, verbose=0)
