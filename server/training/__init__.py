"""Customer training 客户培训 (RULEBOOK §5, form 附表三)."""
