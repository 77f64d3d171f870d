# fails: test_norm_goes_evenly
# says: holds for directions
def slerp(z_start, z_end, steps):
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    norm_start, norm_end = np.linalg.norm(z_start), np.linalg.norm(z_end)
    cosine = np.clip(np.dot(z_start, z_end) / (norm_start * norm_end), -1, 1)
    angle = np.arccos(cosine)
    if angle < 1e-4:
        return z_start + share * (z_end - z_start)
    return (np.sin((1 - share) * angle) * z_start + np.sin(share * angle) * z_end) / np.sin(angle)
