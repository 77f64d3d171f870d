# fails: test_path_ends_where_it_should
# says: reversed
def slerp(z_start, z_end, steps):
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    norm_start, norm_end = np.linalg.norm(z_start), np.linalg.norm(z_end)
    cosine = np.clip(np.dot(z_start, z_end) / (norm_start * norm_end), -1, 1)
    angle = np.arccos(cosine)
    if angle < 1e-4:
        return z_start + share * (z_end - z_start)
    start, end = z_start / norm_start, z_end / norm_end
    direction = (np.sin((1 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)
    return (direction * (norm_start + share * (norm_end - norm_start)))[::-1]
