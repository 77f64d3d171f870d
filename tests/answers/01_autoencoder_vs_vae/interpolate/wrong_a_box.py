# fails: test_both_ends_are_included
# says: z_start
def interpolate(z_start, z_end, steps):
    return np.tile(np.linspace(np.min(z_start), np.max(z_end), steps)[:, None], (1, len(z_start)))
