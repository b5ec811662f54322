"""What-if: a ranking recomputed on suppositions, beside the present one. Nothing of it is ever kept."""
