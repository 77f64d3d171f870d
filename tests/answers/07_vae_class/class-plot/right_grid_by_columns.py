@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    side = round(self.n_pixels**0.5)
    figure = plt.figure(figsize=(n, 2.5))
    grid = figure.add_gridspec(2, n, hspace=0.05)
    for column in range(n):
        image = x_test[column : column + 1]
        decoded = np.asarray(self.decoder(self.encoder(image)[0]))
        for row, pixels in enumerate((image, decoded)):
            ax = figure.add_subplot(grid[row, column])
            ax.imshow(np.reshape(pixels, (side, side, 1)), cmap="gray")
            ax.tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)
    return figure
