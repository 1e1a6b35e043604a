<?php
// What the plugin prints after an order, with WordPress and WooCommerce played by stubs.

define( 'ABSPATH', __DIR__ );
$options = array();
$done    = array();
$orders  = array();

function get_option( $name, $default ) { global $options; return $options[ $name ] ?? $default; }
function add_action( ...$hook ) { global $hooks; $hooks[] = $hook[0]; }
function do_action( $name ) { global $done; $done[ $name ] = 1; }
function did_action( $name ) { global $done; return $done[ $name ] ?? 0; }
function esc_url( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_attr( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function sanitize_text_field( $text ) { return trim( strip_tags( $text ) ); }
function wc_get_order( $id ) { global $orders; return $orders[ $id ] ?? false; }

final class Order {
	public $meta = array();
	private $id;
	private $status;
	private $customer;
	public function __construct( $id, $status, $customer ) { $this->id = $id; $this->status = $status; $this->customer = $customer; }
	public function has_status( $status ) { return $this->status === $status; }
	public function get_meta( $name ) { return $this->meta[ $name ] ?? ''; }
	public function update_meta_data( $name, $value ) { $this->meta[ $name ] = $value; }
	public function save_meta_data() {}
	public function get_id() { return $this->id; }
	public function get_customer_id() { return $this->customer; }
}

require __DIR__ . '/../../www/woocommerce/parere/parere.php';

$checked = 0;
function same( $expected, $found, $what ) {
	global $checked;
	if ( $expected !== $found ) {
		fwrite( STDERR, "$what:\n  expected " . var_export( $expected, true ) . "\n  found    " . var_export( $found, true ) . "\n" );
		exit( 1 );
	}
	$checked += 1;
}
function printed( $work ) { ob_start(); $work(); return ob_get_clean(); }
function after_order( $id ) { return printed( function () use ( $id ) { parere_thankyou( $id ); } ); }

$whole = array( 'collector' => 'https://feedback.example/', 'site' => 'pk_demo', 'survey' => 'nps' );
$tag   = '<script async src="https://feedback.example/v1/pk_demo.js"';

same( array( 'wp_footer', 'woocommerce_thankyou', 'admin_init', 'admin_menu' ), $hooks, 'hooks' );
same( '', printed( 'parere_footer' ), 'no settings, no tag' );
foreach ( array( 'collector' => 'javascript:alert(1)', 'site' => 'demo', 'survey' => 'N P S' ) as $name => $wrong ) {
	$options['parere'] = array( $name => $wrong ) + $whole;
	same( null, parere_settings(), "a wrong $name" );
}
$options['parere'] = $whole;
same( $tag . '></script>', printed( 'parere_footer' ), 'the tag on every page' );

$orders = array( 7 => new Order( 7, 'processing', 26 ), 8 => new Order( 8, 'failed', 26 ), 9 => new Order( 9, 'processing', 0 ) );
same( '', after_order( 8 ), 'an order that failed' );
same( '', after_order( 404 ), 'no order' );
same( array(), $done, 'nothing was asked yet' );
$question = '<parere-survey survey="nps"></parere-survey>' . $tag . ' data-survey="nps"';
same( $question . ' data-ref="7" data-subject="26"></script>', after_order( 7 ), 'an order' );
same( '', printed( 'parere_footer' ), 'one tag on a page' );
same( '', after_order( 7 ), 'the page is loaded again' );
same( $question . ' data-ref="9"></script>', after_order( 9 ), 'a guest' );
$options['parere'] = array( 'survey' => '' ) + $whole;
$orders[10]        = new Order( 10, 'processing', 0 );
same( '', after_order( 10 ), 'no survey for this page' );

// Under a condition, or PHP would know it from the beginning.
if ( ! function_exists( 'wp_has_consent' ) ) {
	function wp_has_consent( $what ) { return 'statistics' === $what && $GLOBALS['may']; }
}
$done = array();
foreach ( array( 'denied' => false, 'granted' => true ) as $word => $may ) {
	same( $tag . ' data-consent="' . $word . '"></script>', printed( 'parere_footer' ), $word );
}
same( array( 'collector' => 'x', 'site' => '', 'survey' => '' ), parere_sanitize( array( 'collector' => ' <b>x</b>', 'other' => 1 ) ), 'what is kept' );
echo "$checked checks of the plugin\n";
