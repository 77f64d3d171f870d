# fails: test_one_below_the_other
# says: and no others.
def combine(train_raw, test_raw):
    return pd.DataFrame(np.concatenate([train_raw, test_raw]))
