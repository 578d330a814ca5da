"""有奖发票: a prize for whoever asks for an invoice, drawn at once, by odds and a seed that anybody can check."""
