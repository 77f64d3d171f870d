# fails: test_code_plus_amount_times_direction
# says: subtracted
def vary(decoder, code, direction, amounts):
    return decoder.predict(code - np.outer(amounts, direction), verbose=0)
