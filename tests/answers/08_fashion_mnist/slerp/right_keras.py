def slerp(z_start, z_end, steps):
    a, b = ops.cast(z_start, "float32"), ops.cast(z_end, "float32")
    share = ops.linspace(0.0, 1.0, steps)[:, None]
    norm_a, norm_b = ops.norm(a), ops.norm(b)
    cosine = float(ops.sum(a * b) / (norm_a * norm_b))
    if cosine > 1 - 1e-6:
        return a + share * (b - a)
    angle = math.acos(max(cosine, -1.0))
    turned = ops.sin((1 - share) * angle) * a / norm_a + ops.sin(share * angle) * b / norm_b
    return (norm_a + share * (norm_b - norm_a)) * turned / math.sin(angle)
