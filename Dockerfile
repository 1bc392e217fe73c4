# An org in a container. Not built by our tests, which have no container engine.
FROM python:3.13-slim
WORKDIR /mock_okta
COPY pyproject.toml README.md LICENSE ./
COPY mock_okta mock_okta
COPY harness harness
RUN pip install --no-cache-dir ".[redis,widget]"
ENV MOCK_OKTA_WIDGET_DIR=/opt/okta-widget
# The widget belongs to Okta and has its own licence: do not publish the image.
RUN mock-okta widget install 3.2.2
USER nobody
EXPOSE 8700
HEALTHCHECK --interval=5s --timeout=6s --start-period=20s CMD ["mock-okta", "health"]
ENTRYPOINT ["mock-okta"]
CMD ["serve", "--host", "0.0.0.0"]
