"""Parsing XML from strangers: no entities, no network, no document type, no depth beyond libxml2's own 256."""

from __future__ import annotations

from lxml import etree

from anlan.plan.compiler.reading.source import Unreadable


def parse(data: bytes, kind: str) -> etree._Element:
    """Root element of an XML part. Unreadable if damaged, or with a document type: office files have none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        # A bomb of nested entities ends here too: libxml2 stops it by its own amplification limit.
        raise Unreadable("damaged", format=kind) from error
    if root is None:
        raise Unreadable("damaged", format=kind)
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("unsafe", what="DOCTYPE")
    return root


def local(element: etree._Element) -> str:
    """Name of an element without its namespace; empty for what is no element (an entity reference)."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
