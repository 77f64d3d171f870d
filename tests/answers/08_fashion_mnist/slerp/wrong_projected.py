# fails: test_same_norm_all_along
# says: turns faster in the middle
def slerp(z_start, z_end, steps):
    line = np.linspace(z_start, z_end, steps)
    norms = np.linspace(np.linalg.norm(z_start), np.linalg.norm(z_end), steps)
    return norms[:, None] * line / np.linalg.norm(line, axis=1, keepdims=True)
