def slerp(z_start, z_end, steps):
    a, b = np.asarray(z_start, dtype="float64"), np.asarray(z_end, dtype="float64")
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    t = np.linspace(0.0, 1.0, steps)[:, None]
    if length_a == 0 or length_b == 0:
        return (1 - t) * a + t * b
    u, v = a / length_a, b / length_b
    aside = v - (u @ v) * u  # what v has beside u
    if np.linalg.norm(aside) < 1e-6:
        return (1 - t) * a + t * b
    angle = np.arctan2(np.linalg.norm(aside), u @ v)
    aside /= np.linalg.norm(aside)
    return ((1 - t) * length_a + t * length_b) * (np.cos(t * angle) * u + np.sin(t * angle) * aside)
