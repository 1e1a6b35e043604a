<?php
/**
 * Plugin Name: parere
 * Description: Asks one question, in the shop and after an order.
 * Version: 0.1.0
 * Requires PHP: 7.4
 * Requires at least: 6.0
 * WC requires at least: 8.0
 * License: MIT OR Apache-2.0
 *
 * @package parere
 */

defined( 'ABSPATH' ) || exit;

/** The address, site and survey that were entered; null while they are missing or make no sense. */
function parere_settings() {
	$entered = (array) get_option( 'parere', array() );
	$text    = static function ( $name ) use ( $entered ) {
		return isset( $entered[ $name ] ) ? trim( (string) $entered[ $name ] ) : '';
	};
	$settings = array(
		'collector' => rtrim( $text( 'collector' ), '/' ),
		'site'      => $text( 'site' ),
		'survey'    => $text( 'survey' ),
	);
	$is_whole = preg_match( '#^https?://[^\s"<>]+$#', $settings['collector'] )
		&& preg_match( '/^pk_[a-z0-9_]{1,61}$/', $settings['site'] )
		&& preg_match( '/^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/', $settings['survey'] );
	return $is_whole ? $settings : null;
}

/** What the shopper decided about statistics, where something asks: granted, denied, or nothing. */
function parere_consent() {
	if ( ! function_exists( 'wp_has_consent' ) ) {
		return '';
	}
	return wp_has_consent( 'statistics' ) ? 'granted' : 'denied';
}

/** The tag with these attributes; those that are empty are left out. */
function parere_tag( array $settings, array $attributes ) {
	$source = $settings['collector'] . '/v1/' . $settings['site'] . '.js';
	$tag    = '<script async src="' . esc_url( $source ) . '"';
	foreach ( $attributes as $name => $value ) {
		if ( '' !== (string) $value ) {
			$tag .= ' data-' . $name . '="' . esc_attr( $value ) . '"';
		}
	}
	return $tag . '></script>';
}

/** On every page but the one after an order, which has a tag of its own. */
function parere_footer() {
	$settings = parere_settings();
	if ( ! $settings || did_action( 'parere_asked' ) ) {
		return;
	}
	// phpcs:ignore WordPress.Security.EscapeOutput -- parere_tag escapes each part.
	echo parere_tag( $settings, array( 'consent' => parere_consent() ) );
}

/**
 * After an order. WooCommerce calls this for orders that failed, too, and again when the page is loaded again.
 *
 * @param int $order_id The order.
 */
function parere_thankyou( $order_id ) {
	$settings = parere_settings();
	$order    = wc_get_order( $order_id );
	if ( ! $settings || '' === $settings['survey'] || ! $order || $order->has_status( 'failed' ) ) {
		return;
	}
	if ( $order->get_meta( '_parere_asked' ) ) {
		return;
	}
	$order->update_meta_data( '_parere_asked', '1' );
	$order->save_meta_data();
	do_action( 'parere_asked', $order_id );
	$customer   = (int) $order->get_customer_id();
	$attributes = array(
		'survey'  => $settings['survey'],
		'ref'     => (string) $order->get_id(),
		'subject' => $customer > 0 ? (string) $customer : '',
		'consent' => parere_consent(),
	);
	// phpcs:ignore WordPress.Security.EscapeOutput -- each part is escaped.
	echo '<parere-survey survey="' . esc_attr( $settings['survey'] ) . '"></parere-survey>' . parere_tag( $settings, $attributes );
}

/** What is entered is kept as plain text. */
function parere_sanitize( $entered ) {
	$entered = is_array( $entered ) ? $entered : array();
	$kept    = array();
	foreach ( array( 'collector', 'site', 'survey' ) as $name ) {
		$kept[ $name ] = isset( $entered[ $name ] ) ? sanitize_text_field( $entered[ $name ] ) : '';
	}
	return $kept;
}

/** The settings page. */
function parere_page() {
	$entered = (array) get_option( 'parere', array() );
	$fields  = array(
		'collector' => 'Address of your collector',
		'site'      => 'Site key',
		'survey'    => 'Survey on the thank-you page',
	);
	echo '<div class="wrap"><h1>parere</h1><form method="post" action="options.php"><table class="form-table">';
	settings_fields( 'parere' );
	foreach ( $fields as $name => $label ) {
		$value = isset( $entered[ $name ] ) ? (string) $entered[ $name ] : '';
		printf(
			'<tr><th scope="row"><label for="parere-%1$s">%2$s</label></th><td><input id="parere-%1$s" class="regular-text" name="parere[%1$s]" value="%3$s"></td></tr>',
			esc_attr( $name ),
			esc_html( $label ),
			esc_attr( $value )
		);
	}
	echo '</table>';
	submit_button();
	echo '</form></div>';
}

add_action( 'wp_footer', 'parere_footer' );
add_action( 'woocommerce_thankyou', 'parere_thankyou', 5 );
add_action(
	'admin_init',
	static function () {
		register_setting( 'parere', 'parere', array( 'sanitize_callback' => 'parere_sanitize' ) );
	}
);
add_action(
	'admin_menu',
	static function () {
		add_options_page( 'parere', 'parere', 'manage_options', 'parere', 'parere_page' );
	}
);
