"""What all other packages share: records, errors, colors, files. It imports none of them."""
