# fails: test_originals_above_reconstructions
# says: random sample
@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    side = round(self.n_pixels**0.5)
    originals = x_test[:n]
    reconstructions = ops.convert_to_numpy(self(originals))
    figure, axes = plt.subplots(2, n, figsize=(n, 2.3), squeeze=False)
    for row, images in zip(axes, (originals, reconstructions)):
        for ax, image in zip(row, images):
            ax.imshow(image.reshape(side, side), vmin=0, vmax=1)
            ax.axis("off")
    return figure
