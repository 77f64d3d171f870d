# fails: test_any_decoder_and_amounts
# says: changed
def vary(decoder, code, direction, amounts):
    codes = []
    for amount in amounts:
        code += amount * direction
        codes.append(code.copy())
        code -= amount * direction
    code[:] = codes[-1]
    return decoder.predict(np.array(codes), verbose=0)
