# fails: test_any_two_vectors
# says: changed
def slerp(z_start, z_end, steps):
    norm_start, norm_end = np.linalg.norm(z_start), np.linalg.norm(z_end)
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    cosine = np.clip(np.dot(z_start, z_end) / (norm_start * norm_end), -1, 1)
    angle = np.arccos(cosine)
    if angle < 1e-4:
        return z_start + share * (z_end - z_start)
    z_start /= norm_start
    z_end /= norm_end
    direction = (np.sin((1 - share) * angle) * z_start + np.sin(share * angle) * z_end) / np.sin(angle)
    return direction * (norm_start + share * (norm_end - norm_start))
