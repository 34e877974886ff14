"""Sound for the village loudspeaker: lessons between chimes, and bulletins of exact length."""
