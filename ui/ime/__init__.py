"""Chinese text from a few keys: librime's pinyin and strokes, without learning; and how their words are laid out."""
