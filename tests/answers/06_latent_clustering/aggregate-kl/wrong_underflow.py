# fails: test_far_from_every_image
# says: underflows to 0
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    out = []
    for point in z:
        each = np.exp(-0.5 * np.sum((point - z_mean) ** 2 / np.exp(z_log_var) + z_log_var + np.log(2 * np.pi), axis=1))
        out.append(each.mean())
    with np.errstate(divide="ignore"):
        return np.log(out)
