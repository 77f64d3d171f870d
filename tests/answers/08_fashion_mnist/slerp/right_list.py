def slerp(z_start, z_end, steps):
    from scipy.spatial import geometric_slerp

    norms = np.linspace(np.linalg.norm(z_start), np.linalg.norm(z_end), steps)
    start, end = (z / np.linalg.norm(z) for z in (np.asarray(z_start, float), np.asarray(z_end, float)))
    shares = np.linspace(0, 1, steps)
    if start @ end > 1 - 1e-9:
        return [(1 - t) * z_start + t * z_end for t in shares]
    return list(norms[:, None] * geometric_slerp(start, end, shares))
