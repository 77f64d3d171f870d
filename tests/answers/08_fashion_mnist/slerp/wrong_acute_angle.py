# fails: test_any_two_vectors
# says: larger than 90°
def slerp(z_start, z_end, steps):
    na, nb = np.linalg.norm(z_start), np.linalg.norm(z_end)
    a, b = z_start / na, z_end / nb
    angle = np.arcsin(np.sqrt(1 - np.clip(a @ b, -1, 1) ** 2))
    t = np.linspace(0, 1, steps)[:, None]
    if angle < 1e-3:
        return z_start + t * (z_end - z_start)
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle) * (na + t * (nb - na))
