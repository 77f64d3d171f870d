# fails: test_code_plus_amount_times_direction
# says: accumulate
def vary(decoder, code, direction, amounts):
    codes, here = [], code
    for amount in amounts:
        here = here + amount * direction
        codes.append(here)
    return decoder.predict(np.array(codes), verbose=0)
