# fails: test_one_vector
# says: one number for each latent dimension
# loses: 0.5
def attribute_vector(codes, labels, source, target):
    codes = np.asarray(codes)
    means = [codes[labels == one].mean(axis=0, keepdims=True) for one in (source, target)]
    return means[1] - means[0]
