@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    from mpl_toolkits.axes_grid1 import ImageGrid

    side = int(self.n_pixels**0.5)
    decoded = self.decoder(self.encoder(x_test[:n], training=False)[0], training=False).numpy()
    figure = plt.figure(figsize=(n, 2.2))
    grid = ImageGrid(figure, 111, nrows_ncols=(2, n), axes_pad=0.05)
    for ax, image in zip(grid, np.concatenate([x_test[:n], decoded])):
        ax.imshow(image.reshape(side, side), cmap="gray")
        ax.axis("off")
    return figure
