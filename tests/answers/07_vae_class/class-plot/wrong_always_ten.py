# fails: test_one_or_three_images
# says: 2×n
# loses: 1
@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    n = 10
    side = round(self.n_pixels**0.5)
    originals = x_test[:n]
    z_mean, _, _ = self.encoder(originals)
    reconstructions = ops.convert_to_numpy(self.decoder(z_mean))
    figure, axes = plt.subplots(2, n, figsize=(n, 2.3), squeeze=False)
    for row, images in zip(axes, (originals, reconstructions)):
        for ax, image in zip(row, images):
            ax.imshow(image.reshape(side, side), vmin=0, vmax=1)
            ax.axis("off")
    return figure
