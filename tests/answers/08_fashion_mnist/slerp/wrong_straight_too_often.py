# fails: test_any_two_vectors
# says: any dimension and norm
def slerp(z_start, z_end, steps):
    norm_start, norm_end = np.linalg.norm(z_start), np.linalg.norm(z_end)
    start, end = z_start / norm_start, z_end / norm_end
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    angle = np.arccos(np.clip(start @ end, -1, 1))
    if angle < 0.5:
        return z_start + share * (z_end - z_start)
    direction = (np.sin((1 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)
    return direction * (norm_start + share * (norm_end - norm_start))
