# fails: test_code_plus_amount_times_direction
# says: length 1
def vary(decoder, code, direction, amounts):
    direction = direction / np.linalg.norm(direction)
    return decoder.predict(code + np.outer(amounts, direction), verbose=0)
