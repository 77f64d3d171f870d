# fails: test_code_plus_amount_times_direction
# says: code is missing
def vary(decoder, code, direction, amounts):
    return decoder.predict(np.outer(amounts, direction), verbose=0)
