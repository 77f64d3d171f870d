def mark_unlabeled(test_raw, label=11):
    return test_raw.assign(label=label).astype(np.uint8)[["label", *PIXELS]]
