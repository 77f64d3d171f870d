# fails: test_same_norm_all_along
# says: straight line
def slerp(z_start, z_end, steps):
    return np.linspace(z_start, z_end, steps)
