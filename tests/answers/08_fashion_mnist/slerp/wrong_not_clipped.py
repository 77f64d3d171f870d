# fails: test_parallel_vectors
# says: larger than 1
def slerp(z_start, z_end, steps):
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    norm_start, norm_end = np.linalg.norm(z_start), np.linalg.norm(z_end)
    cosine = np.dot(z_start, z_end) / (norm_start * norm_end)
    if cosine == 1:
        return z_start + share * (z_end - z_start)
    angle = np.arccos(cosine)
    start, end = z_start / norm_start, z_end / norm_end
    direction = (np.sin((1 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)
    return direction * (norm_start + share * (norm_end - norm_start))
