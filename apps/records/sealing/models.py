"""Rows of the tree over the ledger (RFC 9162); they only grow."""

from django.db import models


class Leaf(models.Model):
    """The place of an entry in the tree, given when it was sealed: ids are committed out of order, places are dense.

    ``hash`` is the leaf's, SHA-256 over 0x00, the entry's ``prev`` and its canonical content.
    """

    index = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField("records.LedgerEntry", on_delete=models.PROTECT, related_name="leaf")
    hash = models.BinaryField(max_length=32)
    append_only = True

    def __str__(self) -> str:
        return str(self.index)


class TreeNode(models.Model):
    """The hash over 256, 65,536 … leaves (``level`` 8, 16 …), so that a proof reads a few rows instead of all leaves."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField(max_length=32)
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tree_node_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"
