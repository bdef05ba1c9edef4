"""OpenAPI of a listing: the filters and fields describe themselves."""

from typing import Any

from drf_spectacular.openapi import AutoSchema


class ListingSchema(AutoSchema):
    def get_tags(self) -> list[str]:
        view: Any = self.view
        return [view.resource()] if hasattr(view, "resource") else super().get_tags()

    def get_operation_id(self) -> str:
        view: Any = self.view
        if not hasattr(view, "resource"):
            return super().get_operation_id()
        return f"{view.resource().replace('-', '_')}_{view.action}"

    def get_filter_backends(self) -> list[Any]:
        return super().get_filter_backends()
