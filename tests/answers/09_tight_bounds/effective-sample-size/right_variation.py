def effective_sample_size(log_weights):
    w = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    k = w.shape[1]
    cv2 = w.var(axis=1) / w.mean(axis=1) ** 2
    return k / (1 + cv2)
