# fails: test_code_plus_amount_times_direction
# says: code + amount
def vary(decoder, code, direction, amounts):
    codes = code + np.outer(np.clip(amounts, 0, 1), direction)
    return decoder.predict(codes, verbose=0)
